using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace FollowUp.Infrastructure.Delivery;

/// <param name="Provider">The provider's name in error messages.</param>
/// <param name="Body">The body, or the part of it that arrived.</param>
internal sealed record ProviderAnswer(string Provider, HttpStatusCode Status, HttpResponseHeaders Headers, string Body)
{
    public bool Accepted => (int)Status is >= 200 and < 300;
}

/// <summary>The provider's own description of a rejection.</summary>
/// <param name="StopReason">The reason for ending the instance if the address is the cause.</param>
internal sealed record ProviderError(string? Message, Fault Fault = Fault.Message, StopReason? StopReason = null)
{
    /// <summary>The provider's error code; 0 if there is none.</summary>
    public int Code { get; init; }

    public static readonly ProviderError Unsaid = new(Message: null);
}

internal enum Fault
{
    /// <summary>This message or its address.</summary>
    Message,

    /// <summary>The account or its configuration: every other message would be rejected too.</summary>
    Account,

    /// <summary>A temporary problem: a later attempt may succeed.</summary>
    Passing,

    /// <summary>The provider's rate limit.</summary>
    Rate,
}

/// <summary>The mapping from provider responses to results for HTTP providers. Pure, so that every case can be tested.</summary>
internal static class ProviderResponseClassifier
{
    /// <summary>The longest wait that a provider can request; longer ones are shortened to it.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>What an answer that is not 2xx means.</summary>
    public static SendResult Refusal(ProviderAnswer answer, ProviderError error, DateTimeOffset now)
    {
        var text = Describe(answer, error);
        var code = CodeOf(answer, error);
        return (int)answer.Status switch
        {
            429 or >= 500 => new SendResult.Retryable(text, RetryAfter(answer.Headers, now), ProviderWide: true) { Code = code },
            408 => new SendResult.Retryable(text, RetryAfter(answer.Headers, now), ProviderWide: false) { Code = code },
            401 or 403 => new SendResult.Rejected(text, error.StopReason, ProviderWide: error.StopReason is null) { Code = code },
            >= 400 => Permanent(text, code, error, answer.Headers, now),
            // A redirect is not followed: it would be a second request, and an API does not move. The base URL is wrong.
            _ => new SendResult.Rejected(text, null, ProviderWide: true) { Code = code },
        };
    }

    private static string CodeOf(ProviderAnswer answer, ProviderError error) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{answer.Provider.ToLowerInvariant()} {(int)answer.Status}{(error.Code == 0 ? "" : $" {error.Code}")}"
        );

    /// <summary>Classifies a missing response. A request of which nothing was written cannot have had an effect; any other may have.</summary>
    /// <param name="begun">Whether writing the request's body had started.</param>
    /// <param name="ended">Whether the caller cancelled the call, so that the failure says nothing about the provider.</param>
    public static SendResult Failure(string provider, Exception failure, bool begun, bool ended)
    {
        var why = ended ? "the call was ended" : Why(failure);
        return begun
            ? new SendResult.InDoubt(SingleLine.Error($"{provider} did not answer after the request was written: {why}"))
            : new SendResult.Retryable(SingleLine.Error($"{provider} was not reached: {why}"), null, ProviderWide: !ended)
            {
                Code = "unreachable",
            };
    }

    /// <summary>
    /// The wait that the provider requests: the later of <c>Retry-After</c> (seconds or a date) and <c>X-RateLimit-Reset</c> (Unix seconds). Times
    /// are compared with the response's own <c>Date</c>, so that a wrong clock on either side does not matter.
    /// </summary>
    public static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var sent = headers.Date ?? now;
        var longest = Max(FromRetryAfter(First(headers, "Retry-After"), sent), FromReset(First(headers, "X-RateLimit-Reset"), sent));
        return longest > TimeSpan.Zero ? (longest < LongestRetryAfter ? longest : LongestRetryAfter) : null;
    }

    private static SendResult Permanent(string text, string code, ProviderError error, HttpResponseHeaders headers, DateTimeOffset now) =>
        error.Fault switch
        {
            Fault.Message => new SendResult.Rejected(text, error.StopReason, ProviderWide: false) { Code = code },
            Fault.Account => new SendResult.Rejected(text, error.StopReason, ProviderWide: true) { Code = code },
            Fault.Passing => new SendResult.Retryable(text, RetryAfter(headers, now), ProviderWide: false) { Code = code },
            Fault.Rate => new SendResult.Retryable(text, RetryAfter(headers, now), ProviderWide: true) { Code = code },
            _ => throw new InvalidOperationException($"Unknown fault: {error.Fault}"),
        };

    private static string Describe(ProviderAnswer answer, ProviderError error)
    {
        var status = (int)answer.Status;
        return SingleLine.Error(
            error.Message is { Length: > 0 } message
                ? $"{answer.Provider} answered {status}: {message}"
                : $"{answer.Provider} answered {status} ({answer.Status})."
        );
    }

    private static string Why(Exception failure)
    {
        if (failure is OperationCanceledException)
        {
            return failure.InnerException is TimeoutException timeout ? timeout.Message : "it took too long";
        }

        var cause = failure.GetBaseException().Message;
        return cause == failure.Message ? cause : $"{failure.Message} {cause}";
    }

    private static TimeSpan? FromRetryAfter(string? value, DateTimeOffset sent)
    {
        if (value is null)
        {
            return null;
        }

        if (value.Length > 0 && value.All(char.IsAsciiDigit))
        {
            return Seconds(value);
        }

        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
            ? until - sent
            : null;
    }

    private static TimeSpan? FromReset(string? value, DateTimeOffset sent) =>
        value is { Length: > 0 } && value.All(char.IsAsciiDigit) ? Seconds(value) - (sent - DateTimeOffset.UnixEpoch) : null;

    // A number too large for a TimeSpan is shortened to the limit of an hour like any other long wait.
    private static TimeSpan Seconds(string digits) =>
        digits.Length <= 11 ? TimeSpan.FromSeconds(long.Parse(digits, CultureInfo.InvariantCulture)) : TimeSpan.FromSeconds(99_999_999_999);

    private static TimeSpan? Max(TimeSpan? one, TimeSpan? other) =>
        one is null ? other
        : other is null || one > other ? one
        : other;

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault()?.Trim() : null;
}
