using System.Text.Json.Nodes;

namespace FollowUp.Application.Instances;

/// <summary>A FollowUpEvent in a response.</summary>
/// <param name="Id">The id.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="SequenceId">The instance's sequence.</param>
/// <param name="Version">The number of the sequence version that the instance was on.</param>
/// <param name="StepIndex">The step's index; null when the event concerns the whole instance.</param>
/// <param name="Type"><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c> for an executed step, otherwise the event's name, such as <c>paused</c>.</param>
/// <param name="Status">The outcome of an executed step: <c>sent</c>, <c>skipped</c>, <c>completed</c> or <c>failed</c>; otherwise null.</param>
/// <param name="Content">Details; for a sent message also its <c>subject</c>, <c>html</c> and <c>text</c>, unless they were erased.</param>
/// <param name="SentAt">When the event was created.</param>
/// <param name="Hash">SHA-256, in hexadecimal, over the event and the hash of the instance's previous event.</param>
/// <param name="Actor">The originator.</param>
public sealed record EventView(
    Guid Id,
    Guid InstanceId,
    Guid SequenceId,
    int Version,
    int? StepIndex,
    string Type,
    [property: OneOf("sent", "skipped", "completed", "failed")] string? Status,
    JsonObject Content,
    DateTimeOffset SentAt,
    string Hash,
    ActorView Actor
)
{
    /// <param name="message">The sent message; null when there is none or it was erased.</param>
    internal static EventView From(FollowUpEvent happened, Message? message)
    {
        var content = (JsonObject)JsonNode.Parse(happened.Content)!;
        if (message is { Channel: FollowUp.Domain.Recipients.Channel.Email })
        {
            content["subject"] = message.Subject;
            content["html"] = message.Html;
        }

        if (message is not null)
        {
            content["text"] = message.Text;
        }

        return new(
            happened.Id,
            happened.InstanceId.Value,
            happened.SequenceId.Value,
            happened.Version,
            happened.StepIndex,
            happened.Type.Name,
            happened.Status?.Name,
            content,
            happened.SentAt,
            Convert.ToHexStringLower(happened.Hash),
            new ActorView(CamelNames.Of(happened.Actor.Kind), happened.Actor.Id)
        );
    }
}
