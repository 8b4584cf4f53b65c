using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FollowUp.Web.Http;

/// <summary>JSON options of the API.</summary>
internal static class Json
{
    public static JsonSerializerOptions Options => ClientJson.Options;

    /// <summary>
    /// Options for the OpenAPI description only: the same shapes without the converters, which would hide the types. Requests and responses do not
    /// use the framework's options.
    /// </summary>
    public static void Describe(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { ClientJson.Shape } };
    }
}
