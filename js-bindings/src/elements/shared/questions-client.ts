// SPDX-License-Identifier: Apache-2.0
// The routes by which a person sets up security questions. Typed answers, nothing thrown. Answers go out and never
// come back.

import { request, unreadable, wholeNumber, type Body, type Failure, type Session } from "./session-request.js";

export interface Question {
  readonly id: string;
  readonly text: string;
}

export interface Catalog {
  readonly kind: "catalog";
  /** What may be chosen; none where everybody writes their own. */
  readonly questions: readonly Question[];
  /** How many a set has. */
  readonly needed: number;
  /** Whether people may write questions of their own. */
  readonly own: boolean;
}

/** One question, of the list by its id or in the person's own words, and its answer. */
export type Answered =
  | { readonly id: string; readonly answer: string }
  | { readonly text: string; readonly answer: string };

export interface Saved {
  readonly kind: "saved";
}

/** What was refused, and which one it was. */
export interface AnswerRefused {
  readonly kind: "refused";
  readonly code: string;
  readonly index: number;
  /** The server's own sentence; empty when there is none. */
  readonly detail: string;
}

const mostQuestions = 10;

export class QuestionsClient {
  constructor(
    private readonly session: Session,
    private readonly signal: AbortSignal,
  ) {}

  async catalog(): Promise<Catalog | Failure> {
    const answer = await request(this.session, "questions/catalog", this.signal);
    if (answer.kind === "failed") return answer;
    const { questions, needed, own, catalog } = answer.body;
    const listed = catalog === false || !Array.isArray(questions) ? [] : questions.flatMap((entry: Body) => readQuestion(entry) ?? []);
    const many = wholeNumber(needed);
    if (many < 1 || many > mostQuestions || (own !== true && listed.length < many)) return unreadable;
    return { kind: "catalog", questions: listed, needed: many, own: own === true };
  }

  async save(questions: readonly Answered[]): Promise<Saved | AnswerRefused | Failure> {
    const answer = await request(this.session, "questions/save", this.signal, { questions });
    if (answer.kind === "answered") return answer.body["ok"] === true ? { kind: "saved" } : unreadable;
    const { index, detail } = answer.body ?? {};
    if (answer.status !== 422 || typeof index !== "number" || !questions[index]) return answer;
    return { kind: "refused", code: answer.code, index, detail: typeof detail === "string" ? detail : "" };
  }
}

function readQuestion(entry: Body | undefined): Question | undefined {
  const { id, text } = entry ?? {};
  return typeof id === "string" && typeof text === "string" ? { id, text } : undefined;
}
