namespace FollowUp.Application.Sandbox;

/// <summary>A message as a sandbox's provider was handed it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">What the sandbox's clock showed.</param>
/// <param name="Channel"><c>EMAIL</c> or <c>SMS</c>.</param>
/// <param name="From">The sender's address, or number.</param>
/// <param name="To">The recipient's address, or number.</param>
/// <param name="ToName">The recipient's name, when it was given.</param>
/// <param name="Subject">A mail's subject.</param>
/// <param name="Html">A mail's HTML part.</param>
/// <param name="Text">The text.</param>
/// <param name="Headers">A mail's other headers, by name.</param>
/// <param name="InstanceId">Whose step sent it; null for a test mail.</param>
/// <param name="SequenceId">The instance's sequence.</param>
/// <param name="Version">The version that it was on.</param>
/// <param name="StepIndex">The step, counted from 0.</param>
public sealed record SandboxMessageView(
    Guid Id,
    DateTimeOffset At,
    string Channel,
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
