namespace FollowUp.Application.Sequences;

/// <summary>A variable that a sequence's templates read.</summary>
/// <param name="Name">Such as <c>offer.address</c>.</param>
/// <param name="Steps">The indexes of the steps that read it.</param>
/// <param name="HasDefault">Whether it has a default wherever it is output. True also for a variable that is only tested.</param>
/// <param name="Required">The opposite: the step fails before it is sent if the recipient has no value for it.</param>
public sealed record VariableView(string Name, IReadOnlyList<int> Steps, bool HasDefault, bool Required);
