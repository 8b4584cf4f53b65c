namespace FollowUp.Domain.Sequences;

/// <summary>The target of an instance in a migration.</summary>
/// <param name="To">The step's index, or the number of steps when none remain; null when the instance stays on its version.</param>
public readonly record struct StepMove(StepMoveReason Reason, StepIndex? To);
