namespace FollowUp.Application.Preview;

/// <summary>A step that waits for its due time, or for its sequence to be enabled.</summary>
/// <param name="Zone">The recipient's time zone.</param>
/// <param name="IsWait">Whether it is a WAIT, which no schedule moves.</param>
/// <param name="IsParked">Whether it waits for its sequence to be enabled.</param>
/// <param name="Wanted">The original due time.</param>
internal sealed record WaitingStep(
    Guid Instance,
    SequenceId Sequence,
    string? Zone,
    SequenceVersionId Version,
    int Step,
    bool IsWait,
    bool IsParked,
    bool TriedBefore,
    DateTimeOffset Wanted,
    DateTimeOffset DueAt
);
