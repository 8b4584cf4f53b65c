namespace FollowUp.Application.Sequences;

/// <summary>One of several alternative texts of an EMAIL, in a request or response.</summary>
/// <param name="Name">The name in statistics; unique within its step, 1 to 50 characters.</param>
/// <param name="Weight">The relative frequency, above 0.</param>
/// <param name="Subject">A Liquid template; absent uses the step's subject.</param>
/// <param name="Body">A Liquid template that renders to HTML; absent uses the step's body.</param>
[OmitNulls]
public sealed record VariantInput(string? Name, decimal? Weight, string? Subject = null, string? Body = null);
