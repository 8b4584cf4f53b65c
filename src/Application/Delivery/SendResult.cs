using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Delivery;

/// <summary>What a provider's answer means: one of the records below, and no other. The classes are those of the design's table.</summary>
public abstract record SendResult
{
    private SendResult() { }

    /// <summary>The provider took the message.</summary>
    /// <param name="ProviderMessageId">Its name for the message, when it gave one.</param>
    public sealed record Accepted(string? ProviderMessageId) : SendResult;

    /// <summary>The message did not go out; a later try may succeed.</summary>
    /// <param name="Error">What the provider or the network said.</param>
    /// <param name="RetryAfter">How long the provider asked to wait, when it did.</param>
    /// <param name="ProviderWide">Whether the failure says something about the provider rather than about this message.</param>
    public sealed record Retryable(string Error, TimeSpan? RetryAfter, bool ProviderWide) : SendResult
    {
        /// <summary>Whether the server asked for a try much later (SMTP 4yz), so that the retries within seconds would be in vain.</summary>
        public bool Deferred { get; init; }

        /// <summary>What happened, as a code without personal data, such as <c>twilio 400 21211</c>: what the immutable log keeps.</summary>
        public string Code { get; init; } = "unavailable";
    }

    /// <summary>The message did not go out and will not.</summary>
    /// <param name="Error">What the provider said.</param>
    /// <param name="StopReason">The reason to end the instance when the address is at fault: bounced when invalid, unsubscribed when suppressed.</param>
    /// <param name="ProviderWide">Whether the failure says something about the provider rather than about this message, as 401 and 403 do.</param>
    public sealed record Rejected(string Error, StopReason? StopReason, bool ProviderWide) : SendResult
    {
        /// <summary>What happened, as a code without personal data, such as <c>twilio 400 21211</c>: what the immutable log keeps.</summary>
        public string Code { get; init; } = "rejected";
    }

    /// <summary>The request was written, and no answer came: nobody knows.</summary>
    /// <param name="Reason">What happened.</param>
    public sealed record InDoubt(string Reason) : SendResult
    {
        /// <summary>What happened, as a code without personal data, such as <c>twilio 400 21211</c>: what the immutable log keeps.</summary>
        public string Code { get; init; } = "noAnswer";
    }
}
