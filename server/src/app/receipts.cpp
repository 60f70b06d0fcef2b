// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include "app/challenges.h"
#include "app/refusal.h"
#include "app/text_rules.h"
#include "app/tokens.h"

// What a relying party's back end does with a receipt (R4).

namespace countersign::server {
namespace {

constexpr std::size_t kLongestWord = 128;

/// What cannot be anybody's, and must not reach a statement (R10).
bool is_sound(const RedeemRequest& request) {
    const auto word = [](const std::string& text) { return text.size() <= kLongestWord && is_clean_utf8(text); };
    return looks_like_token(TokenKind::Receipt, request.receipt.text()) && word(request.challenge) && word(request.user) &&
           word(request.purpose);
}

}  // namespace

void Challenges::redeem(const AppCaller& caller, RedeemRequest request, Reply<Redeemed> reply) {
    if (!is_sound(request)) return reply(Redeemed{});
    auto asked = std::make_shared<RedeemRequest>(std::move(request));
    auto answer = [asked, reply = std::move(reply)](Answer<Redeemed> redeemed) {
        asked->receipt.wipe();  // before the answer leaves: the batch that holds this ends later
        reply(std::move(redeemed));
    };
    redeem(caller, asked, kJudgings, std::move(answer));
}

void Challenges::redeem(const AppCaller& caller, const std::shared_ptr<const RedeemRequest>& request, int tries,
                        Reply<Redeemed> reply) {
    const auto now = with_.time_for_codes();
    if (!now) return reply(tl::unexpected(now.error()));
    const auto judged = judge(caller.realm, request->user, request->challenge, {}, *now);
    if (!judged && judged.error().code == ServerErrorCode::AuthInvalid) return reply(Redeemed{});
    if (!judged) return reply(tl::unexpected(judged.error()));
    const auto step = server::redeem(judged->stage(), judged->by.at);
    if (!step) return reply(Redeemed{});
    Redeemed redeemed{true, *receipt_content(judged->stage(), judged->by.at), judged->found.challenge.context};
    ReceiptUse use{.realm = caller.realm,
                   .app_key = caller.key_id,
                   .user = request->user,
                   .challenge = request->challenge,
                   .purpose = request->purpose,
                   .lookup = receipt_lookup(with_.keys, request->receipt.text(),
                                            {caller.realm, caller.key_id, request->user, request->challenge,
                                             request->purpose}),
                   .now = *now,
                   .policy_version = judged->by.policy_version,
                   .stage = stage_number(step->from),
                   .redeemed = stage_number(step->to),
                   .fallback = redeemed.content.fallback};
    with_.store.redeem_receipt(std::move(use), [this, caller, request, tries, redeemed = std::move(redeemed),
                                                reply = std::move(reply)](Answer<ReceiptResult> result) {
        if (!result) return reply(tl::unexpected(std::move(result.error())));
        if (*result == ReceiptResult::Done) return reply(redeemed);
        if (*result == ReceiptResult::Refused) return reply(Redeemed{});
        if (tries > 1) return redeem(caller, request, tries - 1, reply);
        reply(refuse(ServerErrorCode::ServerUnavailable, {}, kUnavailableRetrySeconds));
    });
}

}  // namespace countersign::server
