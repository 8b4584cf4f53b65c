using FollowUp.Domain.Accounts;

namespace FollowUp.Infrastructure.Operations;

/// <summary>The operation or migration that runs the next batch, and its owner.</summary>
internal sealed record DueBatch(Guid Id, OwnerId Owner, bool IsOfMigration);
