using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Claim = System.Security.Claims.Claim;

namespace FollowUp.Infrastructure.Accounts;

internal sealed class Caller(IHttpContextAccessor http) : ICaller
{
    private ClaimsPrincipal User =>
        http.HttpContext?.User ?? throw new InvalidOperationException("There is no current request, so there is no caller.");

    public OwnerId OwnerId =>
        new(
            Guid.Parse(
                User.FindFirstValue(CallerClaims.Owner) ?? throw new InvalidOperationException("The request has no authenticated caller.")
            )
        );

    public bool ReadOnly => User.HasClaim(CallerClaims.ReadOnly, "true");
    public ApiKeyKind Kind => User.HasClaim(CallerClaims.Kind, CallerClaims.Sandbox) ? ApiKeyKind.Sandbox : ApiKeyKind.Live;
    public string Credential => User.FindFirstValue(CallerClaims.Credential)!;

    public Guid? KeyId => User.FindFirstValue(CallerClaims.KeyId) is { } id ? Guid.Parse(id) : null;

    public string? IdempotencyKey =>
        http.HttpContext?.Request.Headers.TryGetValue("Idempotency-Key", out var key) == true ? key.ToString() : null;

    public bool IsOperator => User.HasClaim(CallerClaims.Operator, "true");

    public static Claim[] Claims(
        OwnerId owner,
        bool readOnly,
        string credential,
        ApiKeyKind kind,
        bool isOperator,
        bool isBlocked,
        Guid? key = null
    ) =>
        [
            .. isBlocked ? [new Claim(CallerClaims.Refused, CallerClaims.Blocked)] : Array.Empty<Claim>(),
            .. key is { } id ? [new Claim(CallerClaims.KeyId, id.ToString())] : Array.Empty<Claim>(),
            new(CallerClaims.Operator, isOperator ? "true" : "false"),
            new(CallerClaims.Owner, owner.Value.ToString()),
            new(CallerClaims.ReadOnly, readOnly ? "true" : "false"),
            new(CallerClaims.Credential, credential),
            new(CallerClaims.Kind, DbEnumNames.Lower(kind)),
        ];
}
