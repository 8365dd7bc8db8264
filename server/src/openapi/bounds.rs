//! The greatest values of integers of 64 bits. Many programs that read a description do not know the format `uint64`.

use utoipa::{
    Number,
    openapi::{KnownFormat, RefOr, Schema, SchemaFormat, schema::ArrayItems},
};

/// Says the greatest value of every such integer in a schema, where it says none.
pub(super) fn set(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            object.properties.values_mut().for_each(set);
            if object.format == Some(SchemaFormat::KnownFormat(KnownFormat::UInt64)) {
                object.maximum.get_or_insert(Number::UInt(usize::MAX));
            }
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                set(items);
            }
        }
        Schema::OneOf(one) => one.items.iter_mut().for_each(set),
        Schema::AllOf(all) => all.items.iter_mut().for_each(set),
        Schema::AnyOf(any) => any.items.iter_mut().for_each(set),
        _ => {}
    }
}
