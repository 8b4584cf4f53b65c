namespace FollowUp.Domain.Sequences;

/// <summary>One of several texts of an EMAIL.</summary>
/// <param name="Name">What statistics call it; unique within its step.</param>
/// <param name="Weight">Above 0: how often it is chosen, compared with the others.</param>
/// <param name="Subject">A Liquid template; null takes the step's own.</param>
/// <param name="Body">A Liquid template that renders to HTML; null takes the step's own.</param>
public sealed record EmailVariant(string Name, decimal Weight, string? Subject, string? Body);
