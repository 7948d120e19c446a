/** What limits and budgets cost a call: counted in memory, or in a database. */
package org.genaiconnector.benchmarks.limits;
