namespace FollowUp.Application.Instances;

/// <summary>An instance in a response.</summary>
/// <param name="Id">The id.</param>
/// <param name="SequenceId">The sequence's id.</param>
/// <param name="Version">The number of the sequence version that it runs.</param>
/// <param name="Recipient">The recipient.</param>
/// <param name="Variables">The variables for the templates besides the recipient's fields.</param>
/// <param name="OfferId">The client's id of the offer.</param>
/// <param name="Status"><c>ACTIVE</c>, <c>PAUSED</c>, <c>COMPLETED</c>, <c>FAILED</c> or <c>STOPPED</c>.</param>
/// <param name="StopReason">Why it was stopped.</param>
/// <param name="CurrentStep">The index of the current step; the number of steps when all are done.</param>
/// <param name="NextDueAt">When the next step is due; null when none is scheduled, for example while paused.</param>
/// <param name="WaitingFor">Why the next step is not due earlier, in order; empty when nothing deferred it.</param>
/// <param name="Attempts">The failed attempts at the current step.</param>
/// <param name="LastError">The error of the last failed attempt at the current step.</param>
/// <param name="Attention">Why it waits for a user: <c>failed</c>, <c>inDoubt</c> or <c>late</c>; null when it does not.</param>
/// <param name="EnrolledAt">When it was enrolled.</param>
public sealed record InstanceView(
    Guid Id,
    Guid SequenceId,
    int Version,
    RecipientView Recipient,
    JsonElement Variables,
    string? OfferId,
    [property: OneOf(typeof(InstanceStatus))] string Status,
    [property: OneOf(typeof(StopReason))] string? StopReason,
    int CurrentStep,
    DateTimeOffset? NextDueAt,
    IReadOnlyList<WaitingFor> WaitingFor,
    int Attempts,
    string? LastError,
    [property: OneOf(typeof(Attention))] string? Attention,
    DateTimeOffset EnrolledAt
)
{
    /// <summary>In the response to an enrolment: what will make a step fail unless it changes. Absent when there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<EnrolmentWarning>? Warnings { get; init; }

    /// <summary>The size in bytes of an instance's potentially large fields.</summary>
    internal static long BytesOf(Instance instance) => Encoding.UTF8.GetByteCount(instance.Variables) + JsonSize.Of(instance.LastError);

    /// <param name="instance">The instance with its job.</param>
    internal static InstanceView From(Instance instance) => From(instance, instance.Job);

    internal static InstanceView From(Instance instance, StepJob? job) =>
        new(
            instance.Id.Value,
            instance.SequenceId.Value,
            instance.Version,
            RecipientView.From(instance.Recipient),
            JsonElement.Parse(instance.Variables),
            instance.OfferId,
            instance.Status.ToString().ToUpperInvariant(),
            instance.StopReason is { } reason ? CamelNames.Of(reason) : null,
            instance.CurrentStep.Value,
            job is { State: JobState.Ready or JobState.Leased } ? job.DueAt : null,
            job is { State: JobState.Ready }
                ? [.. job.WaitingFor.Select(move => new WaitingFor(CamelNames.Of(move.Reason), move.To, move.Name))]
                : [],
            instance.Attempts,
            instance.LastError,
            instance.Attention is { } attention ? CamelNames.Of(attention) : null,
            instance.EnrolledAt
        );
}
