namespace FollowUp.Application.Sequences;

/// <summary>A variable that a sequence's templates read.</summary>
/// <param name="Name">Such as <c>offer.address</c>.</param>
/// <param name="Steps">The indexes of the steps that read it.</param>
/// <param name="HasDefault">Whether it has a default wherever it is written out; so too when it only decides.</param>
/// <param name="Required">The opposite: a recipient without a value for it makes the step fail before it is sent.</param>
public sealed record VariableView(string Name, IReadOnlyList<int> Steps, bool HasDefault, bool Required);
