package org.genaiconnector.ra.llm.targets;

/**
 * A provider that targets may name.
 *
 * @param name in upper case
 * @param hasAddress whether it has an address of its own, so that a target need not say one
 */
public record Service(String name, boolean hasAddress) {}
