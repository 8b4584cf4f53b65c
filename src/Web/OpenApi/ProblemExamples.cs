using System.Text.Json.Nodes;
using FollowUp.Application.Behaviors;
using FollowUp.Application.Sandbox;
using FollowUp.Domain.Operations;
using FollowUp.Domain.Scheduling;

namespace FollowUp.Web.OpenApi;

/// <summary>Examples of the errors of each operation.</summary>
internal static class ProblemExamples
{
    /// <summary>The problem in the form in which the API returns it.</summary>
    public static JsonNode Of(string? operation, int status)
    {
        var refusal = operation switch
        {
            "sendTestMail" => InstanceErrors.Suppressed,
            "enroll" => InstanceErrors.AlreadyEnrolled(new InstanceId(Guid.Parse("0195f1c2-8b21-7e4f-8d5c-6a7b8c9d0e1f"))),
            "enrollMany" => SequenceErrors.Disabled,
            "migrateVersion" or "continueMigration" => MigrationErrors.Running(
                new MigrationId(Guid.Parse("0195f1c2-be54-7172-9080-9dafbec0d1e2"))
            ),
            "stopMigration" => MigrationErrors.InvalidTransition(MigrationState.Completed, MigrationState.Stopped),
            "deleteCalendar" => CalendarErrors.InUse("Offer follow-up"),
            "updateCalendar" => CalendarErrors.NameTaken,
            "actOnInstances" => OperationErrors.TooMany(20),
            "cancelOperation" => OperationErrors.NotCancellable(OperationKind.DeleteSequence),
            "moveSandboxClock" or "emptySandbox" => SandboxErrors.Busy,
            "createSequence" or "createKey" or "createCalendar" => IdempotencyErrors.KeyReused,
            _ => InstanceErrors.InvalidTransition(InstanceStatus.Completed, InstanceStatus.Paused),
        };
        var problem = status switch
        {
            400 => Problems.Invalid("steps[2].delay", "must not be given together with delayDays"),
            403 when operation?.Contains("Sandbox", StringComparison.Ordinal) == true => Problems.Of(
                403,
                "This requires an API key of kind sandbox. Create one with POST /api/keys.",
                "sandboxKeyRequired"
            ),
            403 => Problems.Of(403, "The API key is read-only.", "readOnlyKey"),
            409 => Problems.From(refusal),
            412 => Problems.From(SequenceErrors.Stale),
            _ => Problems.Of(status),
        };
        problem.Details.Extensions["traceId"] = "00-5f6a7b8c9d0e1f2031425364758697a8-b9cadbecfd0e1f20-00";
        return JsonSerializer.SerializeToNode(problem.Details, Json.Options)!;
    }
}
