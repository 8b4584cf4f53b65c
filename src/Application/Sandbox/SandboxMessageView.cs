namespace FollowUp.Application.Sandbox;

/// <summary>A message that a sandbox's provider received.</summary>
/// <param name="Id">The id.</param>
/// <param name="At">The time of the sandbox's clock.</param>
/// <param name="Channel"><c>EMAIL</c> or <c>SMS</c>.</param>
/// <param name="From">The sender's address or number.</param>
/// <param name="To">The recipient's address or number.</param>
/// <param name="ToName">The recipient's name, or null.</param>
/// <param name="Subject">The subject of a mail.</param>
/// <param name="Html">The HTML part of a mail.</param>
/// <param name="Text">The text.</param>
/// <param name="Headers">Further headers of a mail, by name.</param>
/// <param name="InstanceId">The instance that sent it; null for a test mail.</param>
/// <param name="SequenceId">The sequence of the instance.</param>
/// <param name="Version">The number of the version that the instance was on.</param>
/// <param name="StepIndex">The index of the step, from 0.</param>
public sealed record SandboxMessageView(
    Guid Id,
    DateTimeOffset At,
    [property: OneOf("EMAIL", "SMS")] string Channel,
    string From,
    string To,
    string? ToName,
    string? Subject,
    string? Html,
    string Text,
    IReadOnlyDictionary<string, string> Headers,
    Guid? InstanceId,
    Guid? SequenceId,
    int? Version,
    int? StepIndex
);
