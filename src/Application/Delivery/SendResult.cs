namespace FollowUp.Application.Delivery;

/// <summary>The meaning of a provider's response: a closed hierarchy.</summary>
internal abstract record SendResult
{
    private SendResult() { }

    public sealed record Accepted(string? ProviderMessageId) : SendResult;

    /// <summary>The message was not sent; a later attempt may succeed.</summary>
    /// <param name="ProviderWide">Whether the failure is evidence against the provider rather than this message.</param>
    public sealed record Retryable(string Error, TimeSpan? RetryAfter, bool ProviderWide) : SendResult
    {
        /// <summary>Whether the server asked for a much later attempt (SMTP 4yz), so that retries within seconds would be useless.</summary>
        public bool Deferred { get; init; }

        /// <summary>The error as a code without personal data, such as <c>twilio 400 21211</c>, for the immutable event.</summary>
        public string Code { get; init; } = "unavailable";
    }

    /// <summary>The message was not sent and must not be retried.</summary>
    /// <param name="StopReason">
    /// The reason to stop the instance when the address is at fault: bounced when invalid, unsubscribed when suppressed.
    /// </param>
    /// <param name="ProviderWide">Whether the failure is evidence against the provider rather than this message, as with 401 and 403.</param>
    public sealed record Rejected(string Error, StopReason? StopReason, bool ProviderWide) : SendResult
    {
        public string Code { get; init; } = "rejected";
    }

    /// <summary>The request was written but no response arrived: it is unknown whether the message was sent.</summary>
    public sealed record InDoubt(string Reason) : SendResult
    {
        public string Code { get; init; } = "noAnswer";
    }
}

/// <summary>A failure that is evidence against a provider rather than one message.</summary>
/// <param name="RetryAfter">The delay that the provider asked for, if any: an open breaker sends no probe earlier.</param>
/// <param name="Cause">What the provider or the network answered, without personal data.</param>
/// <param name="Code">The code, such as <c>sendgrid 503</c>.</param>
internal sealed record ProviderFailure(TimeSpan? RetryAfter, string Cause, string? Code = null);
