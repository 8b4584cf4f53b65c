namespace FollowUp.Infrastructure.Persistence;

/// <summary>A variant of an EMAIL step as stored in <c>sequence_version.steps</c>. Renaming a member breaks stored data.</summary>
internal sealed record StoredVariant(string Name, decimal Weight, string? Subject, string? Body);
