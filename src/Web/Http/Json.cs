using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FollowUp.Application;

namespace FollowUp.Web.Http;

/// <summary>The JSON of the API.</summary>
internal static class Json
{
    public static JsonSerializerOptions Options => ClientJson.Options;

    /// <summary>
    /// For describing the API: the same shapes without the converters, behind which a description sees no types. The framework's own options
    /// serve nothing else here.
    /// </summary>
    public static void Describe(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { ClientJson.Shape } };
    }
}
