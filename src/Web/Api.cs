using FollowUp.Web.Accounts;
using FollowUp.Web.Delivery;
using FollowUp.Web.Dispatch;
using FollowUp.Web.Instances;
using FollowUp.Web.Operations;
using FollowUp.Web.Preview;
using FollowUp.Web.Quotas;
using FollowUp.Web.Recipients;
using FollowUp.Web.Sandbox;
using FollowUp.Web.Scheduling;

namespace FollowUp.Web;

internal static class Api
{
    public static void MapFollowUpApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").RequireAuthorization().ChecksQueries();
        api.MapSequences();
        api.MapSequenceDetails();
        api.MapChanges();
        api.MapPreviews();
        api.MapVersions();
        api.MapMigrations();
        api.MapInstances();
        api.MapInstanceActions();
        api.MapEvents();
        api.MapCalendars();
        api.MapLimits();
        api.MapOperations();
        api.MapSuppressions();
        api.MapKeys();
        api.MapSandbox();
        api.MapOperators();
        api.MapConsole();
        routes.MapUnsubscribing();
    }
}
