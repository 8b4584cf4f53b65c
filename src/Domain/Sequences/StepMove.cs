namespace FollowUp.Domain.Sequences;

/// <summary>Where an instance goes.</summary>
/// <param name="Reason">Why there.</param>
/// <param name="To">The step, or the number of steps when nothing is left for it; null when it stays on its version.</param>
public readonly record struct StepMove(StepMoveReason Reason, StepIndex? To);
