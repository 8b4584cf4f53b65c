using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FollowUp.Domain.Instances;

namespace FollowUp.Application.Instances;

/// <summary>A recipient as a client reads it.</summary>
/// <param name="Email">Where mail goes; a domain in another script is shown in its own letters.</param>
/// <param name="Name">The whole name.</param>
/// <param name="Phone">Where text messages go, in E.164 form.</param>
/// <param name="TimeZone">An IANA time zone.</param>
public sealed record RecipientView(string Email, string? Name, string? Phone, string? TimeZone)
{
    /// <summary>The first name, as <c>recipient.firstName</c> in templates: as given, else what the name says plainly. Absent when neither is there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FirstName { get; init; }

    /// <summary>The last name, as <c>recipient.lastName</c> in templates: as given, else what the name says plainly. Absent when neither is there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastName { get; init; }

    /// <summary>A recipient as a client reads it.</summary>
    /// <param name="recipient">The recipient.</param>
    /// <returns>The view.</returns>
    internal static RecipientView From(Recipient recipient) =>
        new(recipient.Email.Display, recipient.Name, recipient.Phone?.Value, recipient.TimeZone)
        {
            FirstName = recipient.FirstName,
            LastName = recipient.LastName,
        };
}

/// <summary>Why an instance's next step was put off.</summary>
/// <param name="Reason"><c>window</c>, <c>weekend</c>, <c>day</c>, <c>holiday</c>, <c>dst</c>, <c>at</c>, <c>cap</c>, <c>gap</c>, <c>recipientCap</c>, <c>deferred</c> (the mail server asked for a later try) or <c>rendering</c> (the owner's templates have used up their share of the processor).</param>
/// <param name="Until">To which instant.</param>
/// <param name="Name">What the holidays are called; absent for other reasons and for days without a name.</param>
public sealed record WaitingFor(
    string Reason,
    DateTimeOffset Until,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null
);

/// <summary>Something about an enrolment that its author should know.</summary>
/// <param name="Code"><c>missingVariable</c>, <c>cannotRender</c>, <c>textAsCondition</c> or <c>phoneIgnored</c>.</param>
/// <param name="Variable">The variable without a value, or the field; empty where it is about a whole step.</param>
/// <param name="Steps">The indexes of the steps that fail when they get there.</param>
public sealed record EnrolmentWarning(string Code, string Variable, IReadOnlyList<int> Steps)
{
    /// <summary>What is wrong, in a sentence. Absent for <c>missingVariable</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}

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
    /// <returns>The view.</returns>
    internal static InstanceView From(Instance instance) => From(instance, instance.Job);

    /// <summary>An instance as a client reads it.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="job">Its job, if it has one.</param>
    /// <returns>The view.</returns>
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
