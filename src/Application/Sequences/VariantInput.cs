namespace FollowUp.Application.Sequences;

/// <summary>One of several texts of an EMAIL, as a client writes and reads it.</summary>
/// <param name="Name">What statistics call it; unique within its step, 1 to 50 characters.</param>
/// <param name="Weight">Above 0: how often it is chosen, compared with the others.</param>
/// <param name="Subject">A Liquid template; absent takes the step's own.</param>
/// <param name="Body">A Liquid template that renders to HTML; absent takes the step's own.</param>
[OmitNulls]
public sealed record VariantInput(string? Name, decimal? Weight, string? Subject, string? Body);
