package org.genaiconnector.ra.llm.limits;

import java.math.BigDecimal;

/**
 * What a call uses.
 *
 * @param tokens of input and output, 0 or more
 * @param picos money in millionths of a millionth of the currency's unit, 0 or more; a token of 0.000001 per million tokens
 *     costs one
 */
public record Amount(long tokens, long picos) {
    /** Nothing. */
    public static final Amount NONE = new Amount(0, 0);

    /** The most money that can be counted, in units of the currency. */
    public static final int MOST_MONEY = 9_000_000;

    private static final int DECIMALS = 12;

    public Amount {
        if (tokens < 0 || picos < 0) {
            throw new IllegalArgumentException("An amount is not negative");
        }
    }

    /**
     * Money as it is counted.
     *
     * @param units of the currency, 0 to {@link #MOST_MONEY}
     * @return picos; fractions of them are rounded
     */
    public static long picos(BigDecimal units) {
        return units.movePointRight(DECIMALS)
                .setScale(0, java.math.RoundingMode.HALF_UP)
                .longValueExact();
    }

    /**
     * Money for people.
     *
     * @param picos as counted
     * @return units of the currency, without zeros at the end
     */
    public static BigDecimal money(long picos) {
        BigDecimal units = BigDecimal.valueOf(picos, DECIMALS).stripTrailingZeros();
        return units.scale() < 0 ? units.setScale(0) : units;
    }
}
