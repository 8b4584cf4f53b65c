using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FollowUp.Domain.Instances;

namespace FollowUp.Application.Instances;

/// <summary>An instance as a client reads it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="SequenceId">Its sequence.</param>
/// <param name="Version">The sequence version that it goes through.</param>
/// <param name="Recipient">The person.</param>
/// <param name="Variables">What templates may read beside the recipient.</param>
/// <param name="OfferId">The offer that it is about.</param>
/// <param name="Status"><c>ACTIVE</c>, <c>PAUSED</c>, <c>COMPLETED</c>, <c>FAILED</c> or <c>STOPPED</c>.</param>
/// <param name="StopReason">Why it was stopped.</param>
/// <param name="CurrentStep">The index of the step that comes next or failed; the number of steps when all are done.</param>
/// <param name="NextDueAt">When its next step is due; null when none is scheduled, as while it is paused.</param>
/// <param name="WaitingFor">Why its next step is due then and not earlier, in order; empty when nothing put it off.</param>
/// <param name="Attempts">How often the current step was tried without success.</param>
/// <param name="LastError">What went wrong at the last try of the current step.</param>
/// <param name="Attention">Why it waits for a person: <c>failed</c>, <c>inDoubt</c> or <c>late</c>; null when it does not.</param>
/// <param name="EnrolledAt">When it was enrolled.</param>
public sealed record InstanceView(
    Guid Id,
    Guid SequenceId,
    int Version,
    RecipientView Recipient,
    JsonElement Variables,
    string? OfferId,
    string Status,
    string? StopReason,
    int CurrentStep,
    DateTimeOffset? NextDueAt,
    IReadOnlyList<WaitingFor> WaitingFor,
    int Attempts,
    string? LastError,
    string? Attention,
    DateTimeOffset EnrolledAt
)
{
    /// <summary>In the answer to an enrolment: what will make a step fail unless it changes. Absent when there is nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<EnrolmentWarning>? Warnings { get; init; }

    /// <summary>The bytes of an instance's fields that may be large.</summary>
    internal static long BytesOf(Instance instance) => Encoding.UTF8.GetByteCount(instance.Variables) + JsonSize.Of(instance.LastError);

    /// <summary>An instance as a client reads it.</summary>
    /// <param name="instance">The instance, with its job.</param>
    internal static InstanceView From(Instance instance) => From(instance, instance.Job);

    /// <summary>An instance as a client reads it.</summary>
    /// <param name="job">Its job, if it has one.</param>
    internal static InstanceView From(Instance instance, StepJob? job) =>
        new(
            instance.Id.Value,
            instance.SequenceId.Value,
            instance.Version,
            RecipientView.From(instance.Recipient),
            JsonElement.Parse(instance.Variables),
            instance.OfferId,
            instance.Status.ToString().ToUpperInvariant(),
            CamelCase(instance.StopReason),
            instance.CurrentStep.Value,
            job is { State: JobState.Ready or JobState.Leased } ? job.DueAt : null,
            job is { State: JobState.Ready }
                ?
                [
                    .. job.WaitingFor.Select(move => new WaitingFor(
                        CamelCase<Domain.Scheduling.MoveReason>(move.Reason)!,
                        move.To,
                        move.Name
                    )),
                ]
                : [],
            instance.Attempts,
            instance.LastError,
            CamelCase(instance.Attention),
            instance.EnrolledAt
        );

    private static string? CamelCase<T>(T? word)
        where T : struct, Enum => word is { } w ? JsonNamingPolicy.CamelCase.ConvertName(w.ToString()) : null;
}
