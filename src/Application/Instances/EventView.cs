using System.Text.Json.Nodes;
using FollowUp.Domain.Instances;

namespace FollowUp.Application.Instances;

/// <summary>A FollowUpEvent as a client reads it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="SequenceId">The instance's sequence.</param>
/// <param name="Version">The sequence version that the instance was on.</param>
/// <param name="StepIndex">The step that it is about; null when it is about the instance as a whole.</param>
/// <param name="Type"><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c> for an executed step, else what happened, such as <c>paused</c>.</param>
/// <param name="Status">What became of an executed step: <c>sent</c>, <c>skipped</c>, <c>completed</c> or <c>failed</c>; else null.</param>
/// <param name="Content">More about it; for a sent message its <c>subject</c>, <c>html</c> and <c>text</c> too, unless they were erased.</param>
/// <param name="SentAt">The instant of its creation.</param>
/// <param name="Hash">SHA-256, in hexadecimal, over the event and the hash of the one before it in the same instance.</param>
public sealed record EventView(
    Guid Id,
    Guid InstanceId,
    Guid SequenceId,
    int Version,
    int? StepIndex,
    string Type,
    string? Status,
    JsonObject Content,
    DateTimeOffset SentAt,
    string Hash
)
{
    /// <summary>An event as a client reads it.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="message">What was rendered, when there is something and it was not erased.</param>
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
            happened.Type,
            happened.Status,
            content,
            happened.SentAt,
            Convert.ToHexStringLower(happened.Hash)
        );
    }
}
