using FollowUp.Domain.Accounts;

namespace FollowUp.Infrastructure.Operations;

/// <summary>Whose batch comes next: the operation or migration, and its owner.</summary>
internal sealed record DueBatch(Guid Id, OwnerId Owner, bool IsOfMigration);
