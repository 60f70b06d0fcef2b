// SPDX-License-Identifier: Apache-2.0
#include "countersign/standards.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "policy_of.h"
#include "vector_file.h"

using namespace countersign;

namespace {

std::string name_of(const Finding& it) {
    const std::string id = std::string(standard_name(it.standard)) + ":" + std::string(it.id);
    return it.level == 0 ? id : id + "/" + std::to_string(it.level);
}

std::string names_with(const std::vector<Finding>& findings, Compliance verdict) {
    std::string names;
    for (const Finding& it : findings) {
        if (it.verdict != verdict) continue;
        if (!names.empty()) names += " ";
        names += name_of(it);
    }
    return names;
}

Answer judge(const VectorCase& vector) {
    const auto findings = judge_policy(policy_of(vector));
    if (!findings) return error_answer(findings.error());
    return {{"NotMet", names_with(*findings, Compliance::NotMet)},
            {"NotApplicable", names_with(*findings, Compliance::NotApplicable)},
            {"Met", names_with(*findings, Compliance::Met)}};
}

Answer explain(const VectorCase& vector) {
    const auto findings = judge_policy(policy_of(vector));
    REQUIRE(findings);
    const std::string wanted = vector.text("Requirement");
    for (const Finding& it : *findings) {
        if (name_of(it) != wanted) continue;
        return {{"Statement", std::string(it.statement)},
                {"Verdict", std::string(compliance_name(it.verdict))},
                {"Switch", std::string(policy_switch_name(it.decided_by))},
                {"Reason", std::string(it.reason)}};
    }
    FAIL("no such requirement");
    return {};
}

/// Every policy that the switches alone can make.
std::vector<SecondFactorPolicy> all_switches() {
    std::vector<SecondFactorPolicy> policies;
    for (unsigned bits = 0; bits < 1U << 10; ++bits) {
        const auto on = [&](unsigned at) { return (bits >> at & 1U) != 0; };
        SecondFactorPolicy it;
        it.login_totp = on(0);
        it.login_email = on(1);
        it.allow_none = on(2);
        it.forgot_phone = on(3);
        it.alternate_kba = on(4);
        it.alternate_kba_email = on(5);
        it.alternate_email = on(6);
        it.users_choose = on(7);
        it.security_codes = static_cast<SecurityCodeKinds>(bits >> 8 & 3U);
        if (check_policy(it)) policies.push_back(it);
    }
    return policies;
}

const Finding& finding(const std::vector<Finding>& findings, const std::string& name) {
    for (const Finding& it : findings)
        if (name_of(it) == name) return it;
    FAIL("no such requirement: " << name);
    return findings.front();
}

}  // namespace

TEST_CASE("standards.vec: what two standards say of policies", "[standards][vectors]") {
    run_vectors("standards.vec", {{"judge", judge}, {"explain", explain}, {"refused", judge}});
}

TEST_CASE("security questions are never judged as met, and their absence always [A2] [A3]", "[standards]") {
    const auto policies = all_switches();
    REQUIRE(policies.size() > 200);
    for (const auto& policy : policies) {
        const auto findings = judge_policy(policy);
        REQUIRE(findings);
        const bool asked = policy.forgot_phone && (policy.alternate_kba || policy.alternate_kba_email);
        const auto wanted = asked ? Compliance::NotMet : Compliance::Met;
        CHECK(finding(*findings, "asvs-5.0:6.4.2/1").verdict == wanted);
        CHECK(finding(*findings, "sp-800-63b-4:3.1.1.2").verdict == wanted);
    }
}

TEST_CASE("mail as a factor is never judged as met, at login or as an alternate [A12] [A3] [A4]", "[standards]") {
    for (const auto& policy : all_switches()) {
        const auto findings = judge_policy(policy);
        REQUIRE(findings);
        const bool mailed = policy.login_email ||
                            (policy.forgot_phone && (policy.alternate_kba_email || policy.alternate_email));
        const auto wanted = mailed ? Compliance::NotMet : Compliance::Met;
        CHECK(finding(*findings, "asvs-5.0:6.3.6/3").verdict == wanted);
        CHECK(finding(*findings, "sp-800-63b-4:3.1.3.1").verdict == wanted);
    }
}

TEST_CASE("every policy is told every requirement, once, in one order, with a sentence for each", "[standards]") {
    std::vector<std::string> order;
    for (const auto& policy : all_switches()) {
        const auto findings = judge_policy(policy);
        REQUIRE(findings);
        std::vector<std::string> names;
        for (const Finding& it : *findings) {
            names.push_back(name_of(it));
            CHECK(it.statement.ends_with('.'));
            CHECK(it.reason.ends_with('.'));
            CHECK((it.standard == Standard::Asvs5) == (it.level >= 1));
            CHECK(it.level <= 3);
        }
        if (order.empty()) order = names;
        CHECK(names == order);
    }
    CHECK(std::set<std::string>(order.begin(), order.end()).size() == order.size());
}

TEST_CASE("a verdict that a switch decides changes with some switch, and no other does", "[standards]") {
    auto policies = all_switches();
    SecondFactorPolicy slow;
    slow.totp_period_seconds = 300;
    SecondFactorPolicy exact;
    exact.totp_past_steps = exact.totp_future_steps = 0;
    SecondFactorPolicy lasting;
    lasting.login_email = true;
    lasting.email_life_seconds = 3600;
    for (const auto& it : {slow, exact, lasting}) policies.push_back(it);
    const auto first = judge_policy(policies.front()).value();
    for (std::size_t i = 0; i < first.size(); ++i) {
        bool changes = false;
        bool by_none = false;
        for (const auto& policy : policies) {
            const Finding it = judge_policy(policy).value()[i];
            changes = changes || it.verdict != first[i].verdict;
            by_none = by_none || it.decided_by == PolicySwitch::None;
        }
        INFO(name_of(first[i]));
        CHECK(changes == !by_none);
    }
}

TEST_CASE("the verdict names how our salt differs from the one that is asked for [R21]", "[standards]") {
    SecondFactorPolicy policy;
    policy.security_codes = SecurityCodeKinds::Static;
    const auto findings = judge_policy(policy);
    REQUIRE(findings);
    const Finding& salt = finding(*findings, "asvs-5.0:6.5.2/2");
    CHECK(salt.verdict == Compliance::NotMet);
    CHECK(salt.reason.find("not drawn at random") != std::string_view::npos);
}
