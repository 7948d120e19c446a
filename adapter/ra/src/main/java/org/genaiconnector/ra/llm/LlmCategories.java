package org.genaiconnector.ra.llm;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ra.http.StatusFailures;

/**
 * The category of a refusal, from its message. The message is more precise than the status: Anthropic reports an empty account with 400,
 * xAI with 429, LiteLLM a spent budget with 401, llama.cpp a full context with 500. Types and codes are compared by their
 * letters alone, because {@code insufficient_quota}, {@code InsufficientQuota} and {@code insufficient-quota} are all in
 * use.
 */
final class LlmCategories {
    private static final Pattern QUOTA_TYPES = Pattern.compile(
            "insufficient\\w{0,12}(quota|balance|credit|fund)|creditbalance|creditsexhausted|billing|budgetexceeded"
                    + "|exceeded\\w{0,8}budget|exceededcurrentquota|spend\\w{0,8}limit|accountoverdue|paymentrequired");
    private static final Pattern QUOTA_WORDS = Pattern.compile(
            "credit balance is too low|insufficient (balance|credits|funds)"
                    + "|used all available credits|monthly spending limit|spend(ing)? limit|(require|need)s? more credits"
                    + "|out of credits|budget has been exceeded|exceeded ?budget|over budget"
                    + "|reached your specified api usage limits|(usage|usage credits) (is|are) required for long context");
    private static final Pattern CONTEXT_TYPES =
            Pattern.compile("contextlength|exceedcontext|contextwindow\\w{0,8}exceed" + "|maxprompttokensexceeded");
    private static final Pattern CONTEXT_WORDS = Pattern.compile("prompt (is )?too long|input is too long for"
            + "|exceed\\w* (the |this |its |your |model'?s |available |maximum |total |effective )*context"
            + "|context (length|window|size|limit)s?[^.]{0,30}(exceed|overflow)|maximum context length"
            + "|maximum prompt length|maximum (allowed )?input length|input token count[^.]{0,60}(exceeds|supports)"
            + "|context length of only|(longer|greater|larger) than the (model'?s )?(maximum )?(context|model) (length|size)"
            + "|context shift is disabled|reduce the length of (the|your) (messages|input|prompt)|model token limit"
            + "|prompt exceeds max|exceeds? (the )?max_?(seq|model)_?len|context window exceeds|range of input length"
            + "|prompt token count[^.]{0,30}exceeds|tokens \\+ `?max_new_tokens|must have less than \\d+ tokens"
            + "|too large to process");
    private static final Pattern FILTER_TYPES = Pattern.compile(
            "contentpolicy|contentfilter|responsibleaipolicy|datainspectionfailed|prohibitedcontent|invalidprompt");
    private static final Pattern FILTER_WORDS = Pattern.compile(
            "content (filtering|management) policy|violat\\w* (our |the )?(usage|content) (guidelines|policy)");

    /** Statuses whose message says more. A 429 that mentions too many tokens means their rate, so it is not among them. */
    private static final Set<Integer> UNSPECIFIC = Set.of(400, 413, 422, 500);

    private static final Set<Integer> MAYBE_QUOTA = Set.of(400, 401, 402, 403, 422, 429);

    private LlmCategories() {}

    /**
     * The category of a refusal.
     *
     * @param status HTTP status; below 300 if only the body reports the failure
     * @param types types and codes in the body, in any order
     * @param message the message in the body
     */
    static FailureCategory of(int status, String types, String message) {
        String kinds = types.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 ]", "");
        String words = message.toLowerCase(Locale.ROOT);
        boolean underSuccess = status < 300;
        if (CONTEXT_TYPES.matcher(kinds).find()
                || (underSuccess || UNSPECIFIC.contains(status))
                        && CONTEXT_WORDS.matcher(words).find()) {
            return FailureCategory.CONTEXT_LENGTH;
        }
        if (QUOTA_TYPES.matcher(kinds).find()
                || (underSuccess || MAYBE_QUOTA.contains(status))
                        && QUOTA_WORDS.matcher(words).find()) {
            return FailureCategory.QUOTA;
        }
        if (FILTER_TYPES.matcher(kinds).find()
                || (underSuccess || status == 400 || status == 403)
                        && FILTER_WORDS.matcher(words).find()) {
            return FailureCategory.CONTENT_FILTER;
        }
        if (kinds.contains("modelnotfound")) { // LM Studio says so with status 400 or 200
            return FailureCategory.NOT_FOUND;
        }
        return underSuccess ? underSuccess(kinds) : StatusFailures.category(status);
    }

    private static FailureCategory underSuccess(String kinds) {
        if (kinds.contains("overloaded")) {
            return FailureCategory.OVERLOADED;
        }
        if (kinds.contains("ratelimit")) {
            return FailureCategory.RATE_LIMIT;
        }
        return kinds.contains("servererror") || kinds.contains("apierror")
                ? FailureCategory.SERVER
                : FailureCategory.INVALID_REQUEST;
    }
}
