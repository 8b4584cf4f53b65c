namespace FollowUp.Domain.Sequences;

/// <summary>One of several alternative texts of an EMAIL.</summary>
/// <param name="Name">The name in statistics; unique within its step.</param>
/// <param name="Weight">The relative frequency, above 0.</param>
/// <param name="Subject">A Liquid template; null uses the step's subject.</param>
/// <param name="Body">A Liquid template that renders to HTML; null uses the step's body.</param>
public sealed record EmailVariant(string Name, decimal Weight, string? Subject, string? Body);
