namespace FollowUp.Domain.Sequences;

/// <summary>The position of a step in its sequence, from 0.</summary>
public readonly record struct StepIndex(int Value)
{
    /// <summary>The next position.</summary>
    public StepIndex Next => new(Value + 1);
}
