using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using FollowUp.Application.Delivery;
using FollowUp.Domain.Recipients;

namespace FollowUp.Infrastructure.Delivery;

/// <summary>An answer over HTTP.</summary>
/// <param name="Provider">Who gave it, as it is called in errors.</param>
/// <param name="Status">Its status.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body, or as much of it as arrived.</param>
internal sealed record ProviderAnswer(string Provider, HttpStatusCode Status, HttpResponseHeaders Headers, string Body)
{
    public bool Accepted => (int)Status is >= 200 and < 300;
}

/// <summary>What a provider itself says about a refusal.</summary>
/// <param name="Message">Its own words; null when it had none.</param>
/// <param name="Fault">What is at fault.</param>
/// <param name="StopReason">The reason to end the instance when the address is at fault.</param>
internal sealed record ProviderError(string? Message, Fault Fault = Fault.Message, StopReason? StopReason = null)
{
    /// <summary>The provider's own number for it; 0 when it gave none.</summary>
    public int Code { get; init; }

    public static readonly ProviderError Unsaid = new(Message: null);
}

/// <summary>What is at fault when a provider refuses a message.</summary>
internal enum Fault
{
    /// <summary>This message or its address.</summary>
    Message,

    /// <summary>Our account or its set-up: every other message would fare the same.</summary>
    Account,

    /// <summary>Nothing that lasts: a later try may succeed.</summary>
    Passing,

    /// <summary>We are too fast for the provider.</summary>
    Rate,
}

/// <summary>The design's table "What a provider's answer means", for providers that speak HTTP. Pure, so that every row can be tested.</summary>
internal static class ProviderResponseClassifier
{
    /// <summary>The longest wait that a provider can ask for.</summary>
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
            // A redirect is not followed: it would be a second request, and an API does not move. The base address is wrong.
            _ => new SendResult.Rejected(text, null, ProviderWide: true) { Code = code },
        };
    }

    private static string CodeOf(ProviderAnswer answer, ProviderError error) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{answer.Provider.ToLowerInvariant()} {(int)answer.Status}{(error.Code == 0 ? "" : $" {error.Code}")}"
        );

    /// <summary>What it means that no answer came. A request of which nothing was written cannot have had an effect; any other may have.</summary>
    /// <param name="provider">Who was called.</param>
    /// <param name="failure">What happened.</param>
    /// <param name="begun">Whether the request's body began to be written.</param>
    /// <param name="ended">Whether the caller ended the call, so that it says nothing about the provider.</param>
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
    /// How long the provider asks to wait: the later of <c>Retry-After</c> (seconds or a date) and <c>X-RateLimit-Reset</c> (Unix seconds).
    /// Instants are read against the answer's own <c>Date</c>, so that a clock that is wrong, ours or theirs, does not matter.
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
            _ => throw new InvalidOperationException($"No such fault: {error.Fault}"),
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

    // A number too long for a TimeSpan is simply very late: the cap makes it an hour.
    private static TimeSpan Seconds(string digits) =>
        digits.Length <= 11 ? TimeSpan.FromSeconds(long.Parse(digits, CultureInfo.InvariantCulture)) : TimeSpan.FromSeconds(99_999_999_999);

    private static TimeSpan? Max(TimeSpan? one, TimeSpan? other) =>
        one is null ? other
        : other is null || one > other ? one
        : other;

    private static string? First(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault()?.Trim() : null;
}
