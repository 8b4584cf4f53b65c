using FollowUp.Application.Accounts;

namespace FollowUp.Web.Endpoints;

/// <summary>Routes for operators, who list and block users.</summary>
internal static class Operators
{
    private const string Tag = "Operator";

    public static void MapOperators(this IEndpointRouteBuilder api)
    {
        api.MapGet("/operator/users", List)
            .Reads("listUsers", Tag, "List all users, newest first")
            .Lists()
            .Operates()
            .Produces<Page<UserView>>();
        api.MapPost("/operator/users/{id:guid}/block", Block)
            .Writes("blockUser", Tag, "Block a user: refuse requests and park due steps")
            .Operates()
            .Produces<UserView>()
            .ProducesProblem(404)
            .ProducesProblem(409);
        api.MapPost("/operator/users/{id:guid}/unblock", Unblock)
            .Writes("unblockUser", Tag, "Unblock a user and release the parked steps")
            .Operates()
            .Produces<UserView>()
            .ProducesProblem(404);
    }

    /// <summary>A route for operators; not available in sandboxes.</summary>
    private static RouteHandlerBuilder Operates(this RouteHandlerBuilder route) =>
        route.RequireAuthorization(Api.OperatorPolicy).WithMetadata(new LiveOnly()).ProducesProblem(403);

    private static async Task<IResult> List(string? blocked, string? q, string? limit, string? cursor, Sender sender, CancellationToken ct)
    {
        var query = new QueryReader();
        var request = new ListUsers(query.FlagOrNull("blocked", blocked), query.Text("q", q), query.Number("limit", limit), cursor);
        return query.Problem ?? await sender.Answer(request, ct);
    }

    private static Task<IResult> Block(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new BlockUser(new(id)), ct);

    private static Task<IResult> Unblock(Guid id, Sender sender, CancellationToken ct) => sender.Answer(new UnblockUser(new(id)), ct);
}
