namespace FollowUp.Domain.Sequences;

/// <summary>A step's place in its sequence, counted from 0.</summary>
/// <param name="Value">0 for the first step.</param>
public readonly record struct StepIndex(int Value)
{
    /// <summary>The place behind this one.</summary>
    public StepIndex Next => new(Value + 1);
}
