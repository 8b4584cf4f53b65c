namespace FollowUp.Web.Accounts;

/// <summary>Routes for operators, who list and block users.</summary>
internal static class OperatorRoutes
{
    private const string Tag = "Operator";

    public static void MapOperators(this IEndpointRouteBuilder api)
    {
        api.MapGet("/operator/users", List).Reads("listUsers", Tag).Lists().Operates().Produces<Page<UserView>>();
        api.MapPost("/operator/users/{id:guid}/block", Block).Writes("blockUser", Tag).Operates().Produces<UserView>().Refuses(404, 409);
        api.MapPost("/operator/users/{id:guid}/unblock", Unblock).Writes("unblockUser", Tag).Operates().Produces<UserView>().Refuses(404);
    }

    /// <summary>List all users, newest first</summary>
    /// <remarks>For operators (`Authentication:Operators`); 403 `operatorRequired` for other callers.</remarks>
    /// <param name="blocked">`true` for blocked users, `false` for the others.</param>
    /// <param name="q">Only users whose subject begins with this text.</param>
    public static Task<IResult> List(
        Query<bool>? blocked,
        string? q,
        Query<int>? limit,
        string? cursor,
        Sender sender,
        CancellationToken ct
    ) => sender.Answer(new ListUsers(blocked, q, limit, cursor), ct);

    /// <summary>Block a user: refuse requests and park due steps</summary>
    /// <remarks>
    /// For operators. From now on all requests of the user get 403 `blocked`, and the user's steps are parked when they become due. The user's
    /// browser sessions end. A step that is being sent is finished. Unsubscribe links keep working. 409 `cannotBlockYourself`.
    /// </remarks>
    public static Task<IResult> Block(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new BlockUser(new(id)), ct);

    /// <summary>Unblock a user and release the parked steps</summary>
    /// <remarks>For operators. Parked steps are released at the pace of a backlog.</remarks>
    public static Task<IResult> Unblock(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new UnblockUser(new(id)), ct);
}
