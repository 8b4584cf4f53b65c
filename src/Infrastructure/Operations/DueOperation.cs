using FollowUp.Domain.Accounts;
using FollowUp.Domain.Operations;

namespace FollowUp.Infrastructure.Operations;

/// <summary>The operation whose batch comes next, and its owner.</summary>
internal sealed record DueOperation(OperationId Id, OwnerId Owner);
