using System.Collections.Frozen;
using Ardalis.Result;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Primitives;

namespace FollowUp.Web.Platform;

/// <summary>
/// The query parameters of each route, from the description behind the OpenAPI document, so that a handler's new parameter is known without
/// another change.
/// </summary>
internal sealed class QueryRules(IApiDescriptionGroupCollectionProvider descriptions)
{
    private const int MostNamed = 100;
    private const int LongestName = 100;

    private readonly Lazy<FrozenDictionary<string, string[]>> _known = new(() => Read(descriptions));

    /// <summary>The error in a request's query; null if the route knows all parameters.</summary>
    public ProblemHttp? Check(HttpContext http)
    {
        var (query, route) = (http.Request.Query, http.GetEndpoint()?.Metadata);
        // Checked for all routes, because PostgreSQL rejects such text.
        if (query.Where(IsUnstorable).Select(parameter => StorableText.Of(parameter.Key)).Take(MostNamed).ToList() is { Count: > 0 } wrong)
        {
            return Problems.Invalid(wrong.Select(name => new ValidationError(Short(name), "must be valid Unicode without U+0000")));
        }

        if (
            query.Count == 0
            // Mail programs and link trackers add parameters to links in mails.
            || route?.GetMetadata<SecretLink>() is not null
            || route?.GetMetadata<IEndpointNameMetadata>()?.EndpointName is not { } name
            || !_known.Value.TryGetValue(name, out var known)
        )
        {
            return null;
        }

        var unknown = query.Keys.Where(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)).Take(MostNamed).ToList();
        var rule =
            known.Length == 0
                ? "is unknown; this operation has no query parameters"
                : $"is unknown; this operation has {string.Join(", ", known)}";
        return unknown.Count == 0 ? null : Problems.Invalid(unknown.Select(key => new ValidationError(Short(key), rule)));
    }

    private static bool IsUnstorable(KeyValuePair<string, StringValues> parameter) =>
        !StorableText.IsStorable(parameter.Key) || parameter.Value.Any(value => !StorableText.IsStorable(value));

    private static string Short(string name) => name.Length > LongestName ? $"{name[..LongestName]}…" : name;

    private static FrozenDictionary<string, string[]> Read(IApiDescriptionGroupCollectionProvider descriptions) =>
        descriptions
            .ApiDescriptionGroups.Items.SelectMany(group => group.Items)
            .Select(call => (call.ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName, call))
            .Where(call => call.EndpointName is not null)
            .GroupBy(call => call.EndpointName!)
            .ToFrozenDictionary(
                calls => calls.Key,
                calls => calls.SelectMany(call => call.call.ParameterDescriptions).Where(IsQuery).Select(p => p.Name).Distinct().ToArray()
            );

    private static bool IsQuery(ApiParameterDescription parameter) => parameter.Source == BindingSource.Query;
}

/// <summary>Refuses unknown query parameters: a misspelt filter would silently match everything.</summary>
internal static class QueryRulesMiddleware
{
    public static void UseQueryRules(this WebApplication app)
    {
        var rules = app.Services.GetRequiredService<QueryRules>();
        app.Use((http, next) => rules.Check(http) is { } problem ? problem.ExecuteAsync(http) : next(http));
    }
}
