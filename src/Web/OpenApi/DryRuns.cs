using FollowUp.Application.Preview;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FollowUp.Web.OpenApi;

/// <summary>Documents that a PUT with <c>dryRun=true</c> returns a preview instead of the resource.</summary>
internal static class DryRuns
{
    private const string Schema = "ChangePreview";

    public static async Task AddTo(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (
            operation.OperationId is not ("updateSequence" or "updateCalendar")
            || operation.Responses.Find("200")?.Content.Find("application/json") is not OpenApiMediaType { Schema: { } resource } answer
            || context.Document is not { } document
        )
        {
            return;
        }

        if (document.Components?.Schemas.Find(Schema) is null)
        {
            document.AddComponent(Schema, await context.GetOrCreateSchemaAsync(typeof(ChangePreview), null, cancellationToken));
        }

        answer.Schema = new OpenApiSchema { OneOf = [resource, new OpenApiSchemaReference(Schema, document)] };
    }
}
