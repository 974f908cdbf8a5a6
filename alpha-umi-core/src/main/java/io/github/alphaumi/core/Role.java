package io.github.alphaumi.core;

/** The three parts that one agent is made of. */
public enum Role {
  /** Reads task, tools and history; decides to call, to conclude or to give up. */
  PLANNER,
  /** Turns the planner's rationale into one tool call. */
  CALLER,
  /** Turns the finished trajectory into the answer. */
  SUMMARIZER
}
