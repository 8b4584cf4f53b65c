namespace FollowUp.Infrastructure.Operations;

internal sealed record DueBatch(Guid Id, OwnerId Owner, bool IsOfMigration);
