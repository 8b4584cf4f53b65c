namespace FollowUp.Infrastructure.Accounts;

/// <summary>The caller of the engine's own commands on a node without an API. It is no user and owns nothing.</summary>
internal sealed class SystemCaller : ICaller
{
    public OwnerId OwnerId => throw new InvalidOperationException("The engine acts for no user, so it must not query rows by owner.");
    public bool ReadOnly => false;
    public string Credential => "engine";
    public string? IdempotencyKey => null;
}
