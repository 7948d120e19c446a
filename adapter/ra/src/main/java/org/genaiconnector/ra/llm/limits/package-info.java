/**
 * Limits and budgets of calls: arithmetic only, no I/O, with a clock handed in.
 *
 * <p>{@link org.genaiconnector.ra.llm.limits.Limits} reserves what a call will probably use before it is made, in every limit that
 * concerns it or in none, and settles what it has used afterwards. {@link org.genaiconnector.ra.llm.limits.LimitRule} is what an
 * administrator configures; {@link org.genaiconnector.ra.llm.limits.SlidingWindow} is what one limit has counted.
 */
package org.genaiconnector.ra.llm.limits;
