using System.ComponentModel.DataAnnotations;

namespace FollowUp.Web.Instances;

/// <summary>Pauses or resumes one instance, in the form that existing clients send.</summary>
/// <param name="ScheduledId">The instance's id.</param>
internal sealed record ScheduledAction(
    [property: OneOf("pause", "resume")] string? Action,
    [property: DataType("uuid")] string? ScheduledId
);

/// <summary>How to resume: <c>shift</c> (default), <c>keep</c> or <c>restart</c>.</summary>
internal sealed record ResumeRequest([property: OneOf(typeof(ResumeTiming))] string? Timing = null) : IMayBeEmpty;

/// <summary>The reason of a stop.</summary>
internal sealed record StopRequest([property: OneOf(typeof(StopReason))] string? Reason) : IMayBeEmpty;

/// <summary>How to resolve a send in doubt: <c>sent</c> or <c>resend</c>.</summary>
internal sealed record ResolveRequest([property: OneOf(typeof(Resolution))] string? Outcome) : IMayBeEmpty;

/// <summary>Steps to plan for, and the map of a migration.</summary>
/// <param name="Steps">The steps, in order.</param>
internal sealed record PlanRequest(
    [property: Length(1, Sequence.MostSteps)] IReadOnlyList<StepInput?>? Steps,
    IReadOnlyDictionary<string, string?>? Map = null
);

/// <summary>How to migrate the running instances of older versions.</summary>
internal sealed record MigrateRequest(
    [property: OneOf(typeof(MigrationPolicy))] string? Policy,
    IReadOnlyDictionary<string, string?>? Map = null
);
