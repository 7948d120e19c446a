package org.genaiconnector.ra.llm.limits;

/** Whether a call may be made. */
public sealed interface Decision permits Reservation, Refusal {}
