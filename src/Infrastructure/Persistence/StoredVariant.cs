namespace FollowUp.Infrastructure.Persistence;

/// <summary>A variant of an EMAIL step as <c>sequence_version.steps</c> stores it. Renaming a member changes stored data.</summary>
internal sealed record StoredVariant(string Name, decimal Weight, string? Subject, string? Body);
