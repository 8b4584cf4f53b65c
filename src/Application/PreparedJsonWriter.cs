namespace FollowUp.Application;

/// <summary>Writes prepared JSON as it is, and any other value in the usual way.</summary>
internal sealed class PreparedJsonWriter<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Views are only written.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (value is IPreparedJson prepared)
        {
            writer.WriteRawValue(prepared.Json, skipInputValidation: true);
            return;
        }

        JsonSerializer.Serialize(writer, value, options);
    }
}
