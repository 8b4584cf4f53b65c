namespace FollowUp.Application.Preview;

/// <summary>One attempt to hand a step to a provider.</summary>
/// <param name="Number">The number of the claim; claims that deferred the step count too.</param>
/// <param name="Outcome"><c>sending</c>, <c>accepted</c>, <c>rejected</c>, <c>retryable</c> or <c>inDoubt</c>.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When its outcome was written.</param>
/// <param name="Error">What the provider or the network answered.</param>
/// <param name="ProviderMessageId">The provider's id of the message.</param>
/// <param name="AttemptId">
/// The attempt's id as the provider received it: in SendGrid's custom arguments, or in the header <c>X-FollowUp-Attempt</c>.
/// </param>
public sealed record TryView(
    int Number,
    [property: OneOf(typeof(AttemptStatus))] string Outcome,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    string? Error,
    string? ProviderMessageId,
    Guid AttemptId
)
{
    internal static TryView From(Attempt attempt) =>
        new(
            attempt.Number,
            CamelNames.Of(attempt.Status),
            attempt.StartedAt,
            attempt.FinishedAt,
            attempt.Error,
            attempt.ProviderMessageId,
            attempt.Id.Value
        );
}
