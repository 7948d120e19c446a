/**
 * Limits of LLM calls in the database of the job store, where all application servers that have the same targets count together.
 *
 * <p>{@link org.genaiconnector.ra.llm.store.LimitTable} is the table, {@link org.genaiconnector.ra.llm.store.LimitStores} what a
 * factory uses: limits that keep their lease as long as the adapter runs. The arithmetic is in {@link
 * org.genaiconnector.ra.llm.limits.SharedLimits}.
 */
package org.genaiconnector.ra.llm.store;
