using FollowUp.Application.Accounts;
using FollowUp.Domain.Accounts;

namespace FollowUp.Infrastructure.Accounts;

/// <summary>The caller of the engine's own commands on a node that serves no API: nobody, who owns nothing.</summary>
internal sealed class SystemCaller : ICaller
{
    public OwnerId OwnerId =>
        throw new InvalidOperationException("The engine acts for nobody in particular, so it may not ask for rows by owner.");

    public bool ReadOnly => false;

    public string Credential => "engine";

    public string? IdempotencyKey => null;
}
